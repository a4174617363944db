"""The law of the places that a mail goes to: checks, and the certificate of what they found."""
