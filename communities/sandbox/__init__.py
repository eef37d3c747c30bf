"""A stand-in for the outside world: an SMS gateway, group robots and a mail server that show what they were given.

A real local server over real protocols, so that the demo and the tests go the whole way. Knows no Django.
"""
