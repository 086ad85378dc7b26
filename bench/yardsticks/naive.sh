#!/bin/sh
# naive.sh SOURCE FOLDER [PRESET]: the files of fused.sh with one process for each, which decodes the file before.
# WATERMARK=watermark.png names the mark.
set -e
source=$1 folder=$2 preset=${3:-veryfast}
mkdir -p "$folder"
fit="scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p"
mark="scale=320:-2,format=yuva420p,colorchannelmixer=aa=0.7"
encode="-c:v libx264 -preset $preset -crf 23 -g 60 -c:a aac -b:a 128k -movflags +faststart"
# shellcheck disable=SC2086 - the options are words
ffmpeg -y -nostdin -v error -i "$source" -map 0:v:0 -map '0:a:0?' -vf "$fit" $encode "$folder/resized.mp4"
# shellcheck disable=SC2086
ffmpeg -y -nostdin -v error -i "$folder/resized.mp4" -i "$WATERMARK" -filter_complex "[1:v]${mark}[w];[0:v][w]overlay=W-w-16:16[v]" \
  -map '[v]' -map '0:a:0?' $encode "$folder/watermarked.mp4"
at=$("$(dirname "$0")/tenth.sh" "$folder/watermarked.mp4")
ffmpeg -y -nostdin -v error -ss "$at" -i "$folder/watermarked.mp4" -frames:v 1 -update 1 \
  -vf "scale=320:320:force_original_aspect_ratio=decrease" -q:v 4 "$folder/thumbnail.jpg"
