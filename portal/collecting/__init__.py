"""The Student Data Collection Template: a district's own questions, and their answers.

Whoever keeps the template writes a question once and it stands where visits are logged or on
the student's page, in consents and schedules, and behind the gate. A changed question is a next
version; an answer keeps the version that was asked.
"""
