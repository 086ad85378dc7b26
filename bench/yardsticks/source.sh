#!/bin/sh
# source.sh FOLDER: makes FOLDER/source.mp4, 1080p30 H.264 + AAC, index at the end, 12 s (SECONDS_LONG) of busy pictures.
# Every input has its own end: with endless ones and "shortest" ffmpeg 9 now and then waits for ever.
set -e
folder=$1 long=${SECONDS_LONG:-12}
mkdir -p "$folder"
exec ffmpeg -y -nostdin -v error -t "$long" -f lavfi -i mandelbrot=s=480x270:r=30:maxiter=150 -t "$long" -f lavfi -i testsrc2=s=640x360:r=30 \
  -t "$long" -f lavfi -i "life=s=320x180:r=30:mold=10:ratio=0.3:death_color=#C83232:life_color=#00ff00:seed=1" \
  -t "$long" -f lavfi -i sine=f=440:r=48000 -t "$long" -f lavfi -i anoisesrc=r=48000:a=0.05:c=pink:seed=2 \
  -filter_complex "[0:v]scale=1920:1080:flags=bicubic,noise=alls=2:allf=t[a];[2:v]scale=480:270[l];[a][1:v]overlay=x='640+600*sin(t/3)':y='360+300*cos(t/4)'[b];[b][l]overlay=20:H-h-20,format=yuv420p[v];[3:a][4:a]amix=2[x]" \
  -map '[v]' -map '[x]' -t "$long" -c:v libx264 -preset ultrafast -crf 22 -maxrate 12M -bufsize 24M -g 60 -c:a aac -b:a 160k "$folder/source.mp4"
