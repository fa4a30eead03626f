"""Scripts in JavaScript, run in a process that has access to nothing.

Each script has a process of its own, whose memory and time are limited; see `child`.
"""
