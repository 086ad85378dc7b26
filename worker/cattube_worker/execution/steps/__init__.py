"""Running one node of a plan, by the kind of its robots.

dispatch.py is the one place that knows the kinds. Robots take an `InputFile` and make an `OutputFile`;
entries.py turns entries of the assembly into the first, and the second into entries. Steps that share an
ffmpeg process are planned in frames.py and run in frame_process.py.
"""
