#!/bin/bash
# Makes the images of this directory anew, by other people's encoders, each with
# the word SECRET wherever its format has room for words. Needs Debian's
# imagemagick, webp and libimage-exiftool-perl; the images are committed, so
# that the tests do not.
#
#   t/unit/images/make.sh
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")"
im=/usr/bin/convert-im6.q16
tags=(-q -overwrite_original -Comment=SECRET -Artist=SECRET
    -GPSLatitude=35.6 -GPSLatitudeRef=N -XMP-dc:Title=SECRET)

"$im" -size 12x8 gradient:red-blue -strip PNG24:rgb.png
"$im" -size 12x8 gradient:red-blue -alpha set -channel A -evaluate set 50% -strip PNG32:alpha.png
"$im" -size 9x5 pattern:checkerboard -colors 4 -strip PNG8:palette.png
"$im" -size 12x8 gradient:red-blue -strip -quality 70 baseline.jpg
"$im" -size 12x8 gradient:red-blue -strip -interlace JPEG -quality 70 progressive.jpg
"$im" -size 12x8 gradient:red-blue -strip -colorspace CMYK -quality 70 cmyk.jpg
"$im" -size 12x8 gradient:red-blue -strip -quality 70 turned.jpg
"$im" -delay 10 -loop 3 -size 10x6 xc:red xc:blue -set comment SECRET loop.gif
"$im" -size 7x7 gradient:red-blue -colors 8 -set comment SECRET still.gif
cwebp -quiet -q 50 rgb.png -o lossy.webp
cwebp -quiet -lossless rgb.png -o lossless.webp
cwebp -quiet -q 50 alpha.png -o alpha.webp
img2webp -loop 2 -d 50 -lossy rgb.png -lossless alpha.png -o frames.webp >/dev/null
exiftool "${tags[@]}" -PNG:Title=SECRET rgb.png alpha.png palette.png
exiftool "${tags[@]}" baseline.jpg progressive.jpg cmyk.jpg
exiftool "${tags[@]}" -n -Orientation=6 turned.jpg
exiftool "${tags[@]}" lossy.webp lossless.webp alpha.webp frames.webp 2>/dev/null
