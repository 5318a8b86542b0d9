"""What officers look at before they decide: papers, look-alikes, what is missing, and who is next.

Promises: one identity document stands for one active registration of a conference, however many
come at once; its number is sealed, and each view of it is in the audit trail before it goes out;
a look-alike is shown, never merged; nobody learns from a refusal whose a document is.
"""
