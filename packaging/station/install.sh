#!/bin/sh
# Install or update the candidate station (考试机) on Debian 12: a kiosk on tty1, nothing else.
#
#   sudo packaging/station/install.sh
#
# Code: /opt/kaodian/station. Identity, paper and journals: /var/lib/kaodian-station. The machine
# needs no other desktop; on one that has a display manager, disable that first.
set -eu
program=station
# shellcheck source=packaging/environment.sh
. "$(dirname "$0")/../environment.sh"

need_root
need_packages python3-venv cage xwayland fonts-noto-cjk libegl1 libgl1 libgles2 libxkbcommon0 \
    libdbus-1-3 libnss3 libxcb-cursor0 libxcb-keysyms1 libxcb-icccm4 libxcomposite1 libxdamage1 \
    libxrandr2 libxtst6 libxkbfile1 libasound2 libpulse0 libfontconfig1 libssl3 libpam-systemd
# make_environment installs requirements/station.txt with --require-hashes
make_environment station

install -D -m 0755 "$here/kaodian-station-session" \
    "$stage$prefix/station/bin/kaodian-station-session"
put kaodian-station.service /usr/lib/systemd/system/kaodian-station.service
put kaodian-station.pam /etc/pam.d/kaodian-station
put kaodian-station.sysusers /usr/lib/sysusers.d/kaodian-station.conf
put kaodian-station.sysctl /usr/lib/sysctl.d/60-kaodian-station.conf
put logind.conf /usr/lib/systemd/logind.conf.d/kaodian.conf
put 70-kaodian-station.rules /usr/lib/udev/rules.d/70-kaodian-station.rules
if [ ! -e "$stage/etc/kaodian/station.conf" ]; then put station.conf /etc/kaodian/station.conf; fi

told systemd-sysusers kaodian-station.conf
told sysctl --quiet --load=/usr/lib/sysctl.d/60-kaodian-station.conf
told udevadm control --reload
told systemctl mask sleep.target suspend.target hibernate.target hybrid-sleep.target
told systemctl daemon-reload
told systemctl enable kaodian-station.service
told systemctl set-default graphical.target

cat >&2 <<TEXT
install: done. Check /etc/kaodian/station.conf, then reboot: the station appears on tty1.
install: disk-restore cards and software must be off, or the answer journal is lost at a reboot.
TEXT
