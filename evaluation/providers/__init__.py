"""What mailbox providers ask of a sender: of a mail, and of the domain that it comes from."""
