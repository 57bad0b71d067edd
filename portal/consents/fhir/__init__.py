"""A consent as a FHIR R4 resource, so that a partner's record system can take it, and the way back.

`codes` names every code and address; `values` is what a consent tells, as plain values;
`export` writes it and `reading` reads it; `answering` says what a file could ask a family for.
`service` gives a stored consent to those who may take it; `bringing` turns a partner's file into
a draft request. Nothing that comes in opens anything: only a signature does.
"""
