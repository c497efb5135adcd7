# Sourced by the installers. Makes one program's environment from its locked requirements.
#
#   make_environment NAME    NAME = server, station or invigilator; into $prefix/NAME
#
# DESTDIR=/somewhere stages everything below that folder and touches no running system.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
here=$root/packaging/$program
prefix=${PREFIX:-/opt/kaodian}
stage=${DESTDIR:-}

say() { printf 'install: %s\n' "$*" >&2; }

need_root() {
    if [ -z "$stage" ] && [ "$(id -u)" != 0 ]; then
        say "run as root (or with DESTDIR=/somewhere to only stage the files)"
        exit 77
    fi
}

need_packages() { # $@ = Debian packages
    [ -z "$stage" ] || return 0
    missing=
    for package in "$@"; do
        if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing="$missing $package"
        fi
    done
    if [ -n "$missing" ]; then
        say "installing system packages:$missing"
        # shellcheck disable=SC2086  # a list of words is meant
        apt-get install -y --no-install-recommends $missing >&2
    fi
}

make_environment() { # $1 = server, station or invigilator
    target=$stage$prefix/$1
    say "making $target"
    mkdir -p "$stage$prefix"
    python3 -m venv --clear "$target"
    "$target/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --only-binary :all: -r "$root/requirements/$1.txt" -r "$root/packaging/build.txt"
    build=$(mktemp -d)
    trap 'rm -rf "$build"' EXIT
    cp -R "$root/pyproject.toml" "$root/README.md" "$root/LICENSE" "$root/venue_server" \
        "$root/candidate_station" "$root/invigilator_app" "$build"
    # Everything it needs is there by now: nothing is fetched, nothing unpinned.
    "$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index \
        --no-build-isolation "$build"
    "$target/bin/python" -m pip uninstall --quiet --yes setuptools
}

put() { # $1 = file of this folder, $2 = where it goes
    install -D -m 0644 "$here/$1" "$stage$2"
}

told() { # $@ = a command for the running system
    if [ -z "$stage" ]; then "$@"; fi
}
