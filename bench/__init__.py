"""Speed, measured as ratios in one run; never a time that a test could fail on."""
