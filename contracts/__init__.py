"""The words that cross rooms, as types. Imports nothing of Mailwright."""
