#!/bin/sh
# Install or update the invigilators' console (监考台) on Debian 12, on any desktop.
#
#   sudo packaging/invigilator/install.sh
#
# Code: /opt/kaodian/invigilator. Identity: ~/.local/share/kaodian-console of whoever starts it.
set -eu
program=invigilator
# shellcheck source=packaging/environment.sh
. "$(dirname "$0")/../environment.sh"

need_root
need_packages python3-venv fonts-noto-cjk libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 \
    libdbus-1-3 libxcb-cursor0 libxcb-keysyms1 libxcb-icccm4 libxcb-image0 libxcb-render-util0 \
    libxcb-shape0 libfontconfig1 libssl3
# make_environment installs requirements/invigilator.txt with --require-hashes
make_environment invigilator

put kaodian-invigilator.desktop /usr/share/applications/kaodian-invigilator.desktop
told update-desktop-database -q || true
say "done: 监考台 (Invigilator console) is in the menu"
