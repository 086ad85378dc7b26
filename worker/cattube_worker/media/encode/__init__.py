"""Encoding: one model of what ffmpeg shall write, on its way from a template's step to files.

    step → robot with its parameters → Output → Command → arguments → files → entries

* A robot turns its parameters into an `Output` (output.py): encoder options, size, pixel format, container,
  part of the time and place of one file. Presets and a step's own "ffmpeg" options meet in
  robots/shared/encode_parameters.py, for all robots that encode.
* A `Command` (command.py) is one run of ffmpeg: inputs, a filter graph and outputs. It is the one place that
  knows ffmpeg's words for guards, limits, threads, metadata and live previews.
* Robots that share one ffmpeg process each add a `Branch` (branches.py): filters between frames, and an
  output. graph.py makes one graph of all branches, frame_command.py one command.
* `render` (render.py) runs a command in a `Workspace` (media/workspace.py), from files or from a pipe.
* What a robot made is an `OutputFile`; execution/steps turns each into an entry of the assembly.
"""
