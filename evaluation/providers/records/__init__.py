"""The DNS records of a domain that sends mail, each read by its standard."""
