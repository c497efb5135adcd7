#!/bin/sh
# Install or update the venue server (考点服务器) on Debian 12.
#
#   sudo packaging/server/install.sh
#
# Code: /opt/kaodian/server. Data: /var/lib/kaodian. Second copy and backup media: mounted below
# /srv/kaodian. Running it again updates the code and leaves the data alone.
set -eu
program=server
# shellcheck source=packaging/environment.sh
. "$(dirname "$0")/../environment.sh"

need_root

# Inside duty hours (19:00 the evening before until one hour after the end, A14) nothing is touched.
# Two people lift this for 30 minutes (venue-server duty override); KAODIAN_OVERRIDE=1 lifts it at
# once, loudly and on record. A restart after a crash asks nobody. Whoever asks is the server's own
# user: a file that root made beside the store could not be written by the server.
data=${KAODIAN_DATA:-/var/lib/kaodian/venue}
guard=$prefix/server/bin/venue-server
if [ -z "$stage" ] && [ -x "$guard" ] && [ -e "$data/venue.json" ]; then
    if ! runuser -u kaodian -- "$guard" duty guard --data "$data"; then
        say "nothing was changed: inside duty hours, or the venue's data cannot be read"
        say "two people may allow it: venue-server duty override; or KAODIAN_OVERRIDE=1, recorded"
        exit 75
    fi
fi

need_packages python3-venv libisal2
# make_environment installs requirements/server.txt with --require-hashes
make_environment server

put venue-server.service /usr/lib/systemd/system/venue-server.service
put kaodian-receiving.service /usr/lib/systemd/system/kaodian-receiving.service
put kaodian-server.sysusers /usr/lib/sysusers.d/kaodian-server.conf
put kaodian-server.tmpfiles /usr/lib/tmpfiles.d/kaodian-server.conf
put kaodian-server.sysctl /usr/lib/sysctl.d/60-kaodian-server.conf
put journald.conf /usr/lib/systemd/journald.conf.d/kaodian.conf

told systemd-sysusers kaodian-server.conf
told systemd-tmpfiles --create kaodian-server.conf
told sysctl --quiet --load=/usr/lib/sysctl.d/60-kaodian-server.conf
told systemctl daemon-reload

cat >&2 <<TEXT
install: done. Next, once:
    sudo -u kaodian $prefix/server/bin/venue-server init --data /var/lib/kaodian/venue \\
        --venue-id ID --venue-name NAME --headquarters FILE \\
        --second /srv/kaodian/second --backup /srv/kaodian/backup-1
    sudo -u kaodian $prefix/server/bin/venue-server staff add --data /var/lib/kaodian/venue …
    sudo systemctl enable --now venue-server
Receiving devices that follow the receipt (packaging/README.md): name them in /etc/kaodian/receiving.json, then
    sudo systemctl enable --now kaodian-receiving
TEXT
