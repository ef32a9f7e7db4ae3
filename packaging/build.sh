#!/usr/bin/env bash
# Builds what is installed.
#
#   build.sh lay            all files, below DESTDIR (empty: this machine) and PREFIX (/usr/local); for this machine's Python
#   build.sh remove         what `lay` laid
#   build.sh deb [RELEASE-ARCH]…    dist/alarmbro_VERSION+debRELEASE_ARCH.deb for 12-amd64 12-arm64 13-amd64 13-arm64
#
# Needs python3 with venv, the package registry, and for `deb` dpkg-deb. Packages for other machines are put together from
# wheels: nothing of theirs is run here.
set -euo pipefail
umask 022
top=$(cd "$(dirname "$0")/.." && pwd)
prefix=${PREFIX:-/usr/local}
destdir=${DESTDIR:-}
extras=sia,report,watch,web
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { printf 'alarmbro: %s\n' "$*"; }
fail() {
	printf 'alarmbro: %s\n' "$*" >&2
	exit 1
}

system_python() { # Debian's own: what somebody has put before it in PATH may be gone tomorrow
	local each
	for each in ${PYTHON:-} /usr/bin/python3 python3; do
		if command -v "$each" >/dev/null && "$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
			command -v "$each"
			return
		fi
	done
	fail "alarmbro needs Python 3.11 or newer; install python3"
}

start() { # the tools, and our own wheel
	python=$(system_python)
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	"$python" -m venv "$work/tools" >/dev/null || fail "this python3 makes no environments; as root: apt install python3-venv"
	pip=$work/tools/bin/pip
	say "building"
	"$pip" wheel --quiet --no-deps --wheel-dir "$work/wheel" "$top"
	wheel=$(echo "$work"/wheel/alarmbro-*.whl)
	version=${wheel##*/alarmbro-}
	version=${version%%-*}
	# The command line alone, for what is made from it: manual page and completions.
	"$pip" install --quiet 'click>=8.1.7,<9' structlog
	"$pip" install --quiet --no-deps "$wheel"
}

tree() { # FOLDER PYTHON(/usr/bin/python3.11) [ARCH]: an environment of its own, for /opt/alarmbro or wherever it is put
	local folder=$1 program=$2 arch=${3:-} number with=$extras system=true how=()
	number=${program##*/python}
	# PyPI has no lgpio wheel from Python 3.13 on: there it is the system's.
	if [ "${number#3.}" -lt 13 ]; then with=$with,pi system=false; fi
	if [ -n "$arch" ]; then
		how=(--python-version "$number" --implementation cp)
		for glibc in 17 28 31 34; do how+=(--platform "manylinux_2_${glibc}_$arch"); done
		how+=(--platform "manylinux2014_$arch")
	fi
	mkdir -p "$folder/bin"
	"$pip" install --quiet --no-compile --only-binary=:all: --target "$folder/lib/python$number/site-packages" \
		"${how[@]}" "${wheel}[$with]"
	rm -rf "$folder/lib/python$number/site-packages/bin"
	"$work/tools/bin/python" "$top/packaging/complete.py" "$folder/lib/python$number/site-packages" "$number" "$with"
	printf 'home = %s\ninclude-system-site-packages = %s\nversion = %s\n' "$(dirname "$program")" "$system" "$number" \
		>"$folder/pyvenv.cfg"
	ln -s "$program" "$folder/bin/python3"
	install -m 755 "$top/packaging/launcher" "$folder/bin/alarmbro"
	printf '%s\n' "$version" >"$folder/version"
}

files() { # DESTDIR PREFIX: everything but the program
	local to=$1$2 zsh
	case $2 in /usr) zsh=vendor-completions ;; *) zsh=site-functions ;; esac
	install -d "$to/bin" "$to/lib/alarmbro" "$to/share/man/man1" "$to/share/doc/alarmbro/examples/mosquitto"
	ln -sfn /opt/alarmbro/bin/alarmbro "$to/bin/alarmbro"
	install -D -m 644 -t "$to/lib/systemd/system" "$top"/systemd/*.service "$top"/systemd/*.timer
	install -D -m 644 "$top/packaging/gpio.rules" "$to/lib/udev/rules.d/60-alarmbro-gpio.rules"
	install -m 755 "$top/packaging/activate.sh" "$to/lib/alarmbro/activate.sh"
	install -m 644 "$top/packaging/example.yaml" "$top/packaging/sysusers.conf" "$to/lib/alarmbro/"
	install -D -m 644 "$top/packaging/sysusers.conf" "$to/lib/sysusers.d/alarmbro.conf"
	install -m 644 "$top"/{README.md,CHANGELOG.md,LICENSE} "$to/share/doc/alarmbro/"
	install -m 644 "$top/systemd/README.md" "$to/share/doc/alarmbro/units.md"
	install -m 644 "$top"/systemd/hardware-watchdog.conf "$top"/config/*.yaml "$to/share/doc/alarmbro/examples/"
	[ ! -d "$top/config/mosquitto" ] || cp -r --no-preserve=ownership "$top/config/mosquitto" "$to/share/doc/alarmbro/examples/"
	rm -f "$to/share/doc/alarmbro/examples/secrets.yaml"
	"$work/tools/bin/python" "$top/packaging/manual.py" | gzip -9n >"$to/share/man/man1/alarmbro.1.gz"
	completion bash "$to/share/bash-completion/completions/alarmbro"
	completion zsh "$to/share/zsh/$zsh/_alarmbro"
}

completion() { # SHELL FILE: click makes it
	install -d "${2%/*}"
	_ALARMBRO_COMPLETE=${1}_source "$work/tools/bin/alarmbro" >"$2" || fail "the completion for $1 could not be made"
	chmod 644 "$2"
}

lay() {
	[ -n "$destdir" ] || [ "$(id -u)" = 0 ] || fail "only root may install; write: sudo make install"
	start
	# By its full name: where Debian's python3 becomes another, this stands still and says so.
	tree "$work/package" "$("$python" -c 'import os, sys; print(os.path.join(os.path.dirname(os.path.realpath(sys.executable)), "python%d.%d" % sys.version_info[:2]))')"
	install -d "$destdir/opt/alarmbro"
	rm -rf "$destdir/opt/alarmbro/package"
	cp -a "$work/package" "$destdir/opt/alarmbro/package"
	files "$work/files" "$prefix"
	(cd "$work/files" && find . -not -type d -printf '%P\n' | sort) >"$work/list"
	install -D -m 644 "$work/list" "$work/files$prefix/lib/alarmbro/files"
	# Folders that are there keep their owners and rights.
	tar -C "$work/files" -cf - . | tar -C "$destdir/" -xf - --no-overwrite-dir --no-same-owner
}

remove() {
	local list=$destdir$prefix/lib/alarmbro/files each
	[ -e "$list" ] || fail "nothing was installed below $destdir$prefix by make install"
	while IFS= read -r each; do rm -f "$destdir/$each"; done <"$list"
	rm -f "$list"
	rm -rf "$destdir/opt/alarmbro/package" "$destdir$prefix/share/doc/alarmbro"
	rmdir --ignore-fail-on-non-empty "$destdir$prefix/lib/alarmbro" "$destdir/opt/alarmbro" 2>/dev/null || true
}

deb() { # RELEASE ARCH
	local release=$1 arch=$2 number machine root=$work/deb-$1-$2 depends recommends="systemd-timesyncd | time-daemon"
	case $release in 12) number=3.11 ;; 13) number=3.13 ;; *) fail "alarmbro is packaged for Debian 12 and 13, not $release" ;; esac
	case $arch in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; *) fail "alarmbro is packaged for amd64 and arm64, not $arch" ;; esac
	say "packaging for Debian $release, $arch"
	tree "$root/opt/alarmbro/package" "/usr/bin/python$number" "$machine"
	files "$root" /usr
	rm "$root/usr/share/doc/alarmbro/LICENSE"
	{
		printf 'alarmbro %s, under the Mozilla Public License 2.0:\n\n' "$version"
		cat "$top/LICENSE"
		printf '\nThe libraries in /opt/alarmbro keep their own licences, in their *.dist-info folders.\n'
	} >"$root/usr/share/doc/alarmbro/copyright"
	depends="python3 (>= $number), python3 (<< 3.$((${number#3.} + 1))), systemd (>= 252), util-linux, tzdata, ca-certificates"
	# Raspberry Pi OS has python3-lgpio, Debian has not: a machine for pendants alone does without.
	[ "$release" = 12 ] || recommends="$recommends, python3-lgpio"
	install -d "$root/DEBIAN"
	sed -e "s/@VERSION@/$version+deb$release/" -e "s/@ARCH@/$arch/" -e "s/@DEPENDS@/$depends/" -e "s/@RECOMMENDS@/$recommends/" \
		-e "s/@SIZE@/$(du -sk "$root" | cut -f1)/" "$top/packaging/debian/control" >"$root/DEBIAN/control"
	install -m 755 -t "$root/DEBIAN" "$top/packaging/debian/postinst" "$top/packaging/debian/prerm"
	install -d "$top/dist"
	dpkg-deb --root-owner-group -Zxz --build "$root" "$top/dist/alarmbro_$version+deb${release}_$arch.deb"
	rm -rf "$root"
}

case ${1:-} in
lay | remove) "$1" ;;
deb)
	shift
	command -v dpkg-deb >/dev/null || fail "dpkg-deb is missing; packages are made on Debian"
	start
	[ $# -gt 0 ] || set -- 12-amd64 12-arm64 13-amd64 13-arm64
	for each; do deb "${each%-*}" "${each#*-}"; done
	;;
*) fail "usage: build.sh lay|remove|deb" ;;
esac
