"""Whether a mail is fit to be read, opened, followed and sent to these people."""
