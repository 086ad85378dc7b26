#!/bin/sh
# fused.sh SOURCE FOLDER [PRESET]: the bare best command for the template's first files, but the storyboard: one decode, one scale ->
# resized.mp4 + watermarked.mp4 (mark 25 % wide, top right, opacity 0.7) + thumbnail.jpg (frame at 10 %, inside 320x320).
# WATERMARK=watermark.png names the mark.
set -e
source=$1 folder=$2 preset=${3:-veryfast}
mkdir -p "$folder"
at=$("$(dirname "$0")/tenth.sh" "$source")
fit="scale=1280:720:force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p"
mark="scale=320:-2,format=yuva420p,colorchannelmixer=aa=0.7"
encode="-c:v libx264 -preset $preset -crf 23 -g 60 -c:a aac -b:a 128k -movflags +faststart"
# shellcheck disable=SC2086 - the options are words
exec ffmpeg -y -nostdin -v error -i "$source" -i "$WATERMARK" -filter_complex "[0:v:0]${fit},split[r][b];[1:v]${mark}[w];[b][w]overlay=W-w-16:16,split[v][t0];[t0]trim=start=$at,select='eq(n,0)',scale=320:320:force_original_aspect_ratio=decrease[t]" \
  -map '[r]' -map '0:a:0?' $encode "$folder/resized.mp4" -map '[v]' -map '0:a:0?' $encode "$folder/watermarked.mp4" -map '[t]' -frames:v 1 -update 1 -q:v 4 "$folder/thumbnail.jpg"
