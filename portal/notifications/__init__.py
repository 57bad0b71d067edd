"""What reaches people outside the portal: a daily mail with counts, and a calendar of their own.

Neither says who a student is: a mail names nobody, a calendar initials at most.
"""
