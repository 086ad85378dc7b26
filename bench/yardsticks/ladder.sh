#!/bin/sh
# ladder.sh SOURCE FOLDER: four renditions by four commands, each with the options that the engine's presets have.
set -e
source=$1 folder=$2
mkdir -p "$folder"
for size in 1920:1080 1280:720 854:480 640:360; do
  ffmpeg -y -nostdin -v error -i "$source" -map 0:v:0 -map '0:a:0?' \
    -vf "scale=$size:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p" \
    -c:v libx264 -preset veryfast -subq 1 -refs 3 -trellis 1 -aq-strength 1.2 -g 60 -crf 24.5 -sc_threshold 0 -force_key_frames 'expr:gte(t,n_forced*2)' \
    -c:a aac -b:a 128k -movflags +faststart "$folder/${size#*:}p.mp4"
done
