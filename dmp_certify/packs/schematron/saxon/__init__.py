"""What our engine does not support, run by Saxon: those rules alone, from the extra `[saxon]`.

`reading` keeps what the parser cannot read, `rescue` decides rule by rule when a pack is compiled,
`language` says what may reach Saxon at all, `stylesheet` writes what it runs, `engine` runs it and
answers the engine's own questions. `reading` and `extra` aside, nothing of it is imported for
a pack that has no such rule.
"""
