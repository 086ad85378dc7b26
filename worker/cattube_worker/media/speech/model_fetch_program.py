"""Program that fetches a model of speech recognition. `model_fetch.py` makes its arguments.

It is run by its path, by an engine that may fetch one. It has the network and reads no file of a client.

    model_fetch_program.py PACKAGES NAME FOLDER
"""

from __future__ import annotations

import os
import sys


def main(packages: str, name: str, folder: str) -> None:
    sys.path += packages.split(os.pathsep)
    # Nothing lands outside of the folder, and nobody is told who fetches.
    os.environ.update(HF_HOME=folder, HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_XET="1")
    from faster_whisper.utils import download_model

    download_model(name, output_dir=folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
