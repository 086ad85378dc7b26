#!/bin/sh
# tenth.sh VIDEO: prints the second at a tenth of its length, by ffmpeg alone: not every ffmpeg comes with ffprobe.
ffmpeg -nostdin -hide_banner -i "$1" 2>&1 | awk -F'[ :,]+' '/^ *Duration: / { printf "%.3f", ($3 * 3600 + $4 * 60 + $5) / 10; exit }'
