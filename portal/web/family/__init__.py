"""What a family meets: plain HTML in its language, whole without a script."""
