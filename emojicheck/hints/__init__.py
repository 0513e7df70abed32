"""Live hints: what is told about somebody who poses in front of an open camera.

The web server takes small frames in (`frames`, `turns`), hands them over a `line` to a program of
its own (`program`), and makes words of what comes back. Only that program decodes frames and loads
models. Nothing is kept anywhere: no row, no file, no line in the log.
"""
