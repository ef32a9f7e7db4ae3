#!/usr/bin/env bash
# Makes a Debian from nothing: `root.sh FOLDER bookworm|trixie` leaves it in FOLDER/RELEASE, unpacked anew each time, and
# keeps what it is unpacked from. Needs root and debootstrap.
set -euo pipefail
folder=${1:?usage: root.sh FOLDER RELEASE}
release=${2:?usage: root.sh FOLDER RELEASE}
mirror=${MIRROR:-http://deb.debian.org/debian}
packages=systemd,python3,python3-venv,ca-certificates,tzdata,make,man-db,bash-completion
mkdir -p "$folder"
cd "$folder"
if [ ! -e "$release.tar" ]; then
	rm -rf "$release.new"
	debootstrap --variant=minbase --include=$packages "$release" "$release.new" "$mirror" >"$release.log" 2>&1
	rm -rf "$release.new"/var/cache/apt/archives/*.deb
	tar -C "$release.new" -cf "$release.tar.part" .
	mv "$release.tar.part" "$release.tar"
	rm -rf "$release.new"
fi
rm -rf --one-file-system "$release"
mkdir "$release"
tar -C "$release" -xf "$release.tar"
