#!/bin/sh
# How the media of the calibration paper were made: Debian 12, ffmpeg 5.1, in media/. Streams of Opus
# and WebM carry random numbers, so a second run is the same to ear and eye, not to the byte.
set -eu
make="ffmpeg -nostdin -v error -y -bitexact"
$make -f lavfi -i testsrc2=size=320x200:rate=1 -frames:v 1 -pix_fmt pal8 card.png
$make -f lavfi -i smptebars=size=240x160:rate=1 -frames:v 1 -q:v 4 bars.jpg
$make -f lavfi -i rgbtestsrc=size=160x120:rate=1 -frames:v 1 -c:v libwebp -quality 80 bands.webp
$make -f lavfi -i color=c=white:size=48x24:rate=1 -vf "drawbox=c=black:t=3" -frames:v 1 -pix_fmt gray piece.png
$make -f lavfi -i "sine=frequency=440:duration=1.5:sample_rate=44100" -ac 1 -b:a 48k tone.mp3
$make -f lavfi -i "sine=frequency=660:duration=1.5:sample_rate=48000" -ac 1 -c:a libopus -b:a 24k tone.opus
$make -f lavfi -i testsrc2=size=160x120:rate=10:duration=2 \
  -f lavfi -i "sine=frequency=330:duration=2:sample_rate=48000" \
  -c:v libvpx-vp9 -b:v 60k -c:a libopus -b:a 16k -ac 1 film.webm
