#!/usr/bin/env bash
# Puts an alarmbro that lies in /opt/alarmbro/package into force, or takes alarmbro out of force. `make install` and the
# Debian package both do it by this.
#
#   activate.sh activate     the users and folders; the configuration checked by the new program; the journal copied;
#                            changed over; started; and changed back where the new one does not come up
#   activate.sh again        the same, even where this very program did not come up before
#   activate.sh deactivate   the services stopped, the program gone; journal, configuration and users stay
#
# A service that runs is never left worse than it was: whatever fails, the old program goes on, and this exits 1.
#
#   /opt/alarmbro/package        what was installed last
#   /opt/alarmbro/versions/…     what runs, and what ran before it: the same files, by hard links
#   /opt/alarmbro/current        -> versions/…, the one in force
#   /opt/alarmbro/bin            -> current/bin; the program there finds its version by itself and stays with it
set -euo pipefail
umask 022

root=${ALARMBRO_ROOT:-} # another root, for tests: no users are made there, and nothing is started as one
settle_s=${ALARMBRO_SETTLE_S:-5}
opt=$root/opt/alarmbro
etc=$root/etc/alarmbro
state=$root/var/lib/alarmbro
copies=$root/var/lib/alarmbro-backup
here=$(cd "$(dirname "$0")" && pwd)
unit=alarmbro.service
units=(alarmbro.service alarmbro-web.service alarmbro-backup.timer alarmbro-backup.service)

say() { printf 'alarmbro: %s\n' "$*"; }
fail() {
	printf 'alarmbro: %s\n' "$*" >&2
	exit 1
}
booted() { [ -d "$root/run/systemd/system" ]; }
property() { systemctl show --property="$1" --value "$2" 2>/dev/null || true; }
runs() { booted && case $(property ActiveState "$1") in active | activating | reloading) ;; *) false ;; esac; }
this_one() { { cat "$opt/package/version" && find "$opt/package" -path '*/alarmbro-*/RECORD' -exec cat {} +; } | sha256sum; }
in_force() { [ -e "$opt/current" ] && basename "$(readlink "$opt/current")"; }

as_daemon() { # runs a command as the service's user
	if [ -n "$root" ]; then
		"$@"
	else
		setpriv --reuid alarmbro --regid alarmbro --init-groups --inh-caps=-all --no-new-privs -- "$@"
	fi
}

own() { # OWNER:GROUP MODE FOLDER
	mkdir -p "$3"
	[ -n "$root" ] || chown "$1" "$3"
	chmod "$2" "$3"
}

users() {
	[ -z "$root" ] || return 0
	command -v systemd-sysusers >/dev/null || fail "systemd-sysusers is missing; install systemd, then run this again"
	systemd-sysusers "$here/sysusers.conf"
}

folders() { # … and an example where there is no configuration, which alarms nobody
	own root:alarmbro 0750 "$etc"
	own alarmbro:alarmbro 0750 "$state"
	own alarmbro:alarmbro 0750 "$copies"
	example=
	if [ ! -e "$etc/alarmbro.yaml" ]; then
		example=yes
		cp "$here/example.yaml" "$etc/alarmbro.yaml"
		[ -n "$root" ] || chown root:alarmbro "$etc/alarmbro.yaml"
		chmod 0640 "$etc/alarmbro.yaml"
	fi
}

unpack() { # what was installed, as a version of its own
	local said stem number=0
	[ -x "$opt/package/bin/alarmbro" ] || fail "there is no program in $opt/package; install alarmbro again"
	stem=$(sed 's/[^A-Za-z0-9.+~-]//g' "$opt/package/version")-$(date -u +%Y%m%d)
	name=$stem
	while [ -e "$opt/versions/$name" ]; do name=$stem.$((number += 1)); done
	new=$opt/versions/$name
	mkdir -p "$opt/versions"
	cp -al "$opt/package" "$new" 2>/dev/null || { rm -rf "$new" && cp -a "$opt/package" "$new"; }
	said=$("$new/bin/alarmbro" --version 2>&1) || give_up "the new program does not run on this machine: $said"
	# The service may not write here, and would else compile all of it at every start.
	"$new/bin/python3" -P -m compileall -q "$new/lib" >/dev/null 2>&1 || say "not every module could be compiled"
}

give_up() {
	rm -rf "$new"
	fail "$1. Nothing was changed: what was in force goes on"
}

check() { # by the new program, in the surroundings of the running service: its sites, its secrets
	local pid=0 word
	! booted || pid=$(property MainPID "$unit")
	(
		if [ "${pid:-0}" -gt 0 ] && [ -r "/proc/$pid/environ" ]; then
			while IFS= read -r -d '' word; do
				case ${word%%=*} in ALARMBRO_* | CREDENTIALS_DIRECTORY | LG_WD) export "${word?}" ;; esac
			done <"/proc/$pid/environ"
		fi
		export ALARMBRO_CONFIG=${ALARMBRO_CONFIG:-$etc/alarmbro.yaml}
		cd /
		as_daemon "$new/bin/alarmbro" check
	)
}

copy_journal() { # for a way back; gives where it is
	[ -e "$state/journal.db" ] || return 0
	local copy=$copies/before-$name.db
	if ! as_daemon "$new/bin/alarmbro" --state "$state" journal backup --output "$copy" >/dev/null; then
		# One that is not whole, or cannot be read: as it lies there.
		copy=$copies/before-$name/journal.db
		mkdir -p "${copy%/*}" && cp -a "$state"/journal.db "${copy%/*}/" || return 1
		[ ! -e "$state/journal.db-wal" ] || cp -a "$state/journal.db-wal" "${copy%/*}/" || return 1
		[ -n "$root" ] || chown -R alarmbro:alarmbro "${copy%/*}"
	fi
	printf '%s\n' "$copy"
}

adopt() { # a program that was installed by hand becomes a version, to which one can change back
	[ -d "$opt/bin" ] && [ ! -L "$opt/bin" ] || return 0
	local part
	mkdir -p "$opt/versions/by-hand"
	for part in "$opt"/*; do
		case ${part##*/} in package | versions | current | did-not-come-up) ;; *) mv "$part" "$opt/versions/by-hand/" ;; esac
	done
	rm -f "$opt/versions/by-hand/bin/alarmbro"
	cp "$opt/package/bin/alarmbro" "$opt/versions/by-hand/bin/alarmbro"
	ln -sfn versions/by-hand "$opt/current"
	ln -sfn current/bin "$opt/bin"
}

change_to() { # in one step: there is no moment without a program
	ln -sfn "versions/$1" "$opt/current.new"
	mv -T "$opt/current.new" "$opt/current"
	[ -L "$opt/bin" ] || ln -sfn current/bin "$opt/bin"
}

comes_up() { # started, still there some seconds later without a restart, and it answers
	local restarts
	systemctl start "$unit" || return 1
	restarts=$(property NRestarts "$unit")
	sleep "$settle_s"
	[ "$(property ActiveState "$unit")" = active ] && [ "$(property NRestarts "$unit")" = "$restarts" ] || return 1
	[ -n "$root" ] || "$opt/bin/alarmbro" --run-dir /run/alarmbro status --json >/dev/null
}

layout_of() { # the version of a journal's tables
	[ -e "$1" ] || return 0
	"$new/bin/python3" -P -c 'import sqlite3, sys
print(sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True).execute("PRAGMA user_version").fetchone()[0])' "$1" 2>/dev/null || true
}

change_back() { # PREVIOUS COPY
	local previous=$1 copy=$2 rest=
	systemctl stop "$unit" || true
	change_to "$previous"
	this_one >"$opt/did-not-come-up"
	# The old program reads the journal that the new one went on with, unless that has made newer tables.
	if [ -n "$copy" ] && [ "$(layout_of "$state/journal.db")" != "$(layout_of "$copy")" ]; then
		if as_daemon "$new/bin/alarmbro" --state "$state" journal restore "$copy" >/dev/null; then
			rest=" The journal is the copy from before; what the new one wrote is beside it, as $state/journal.db.before-restore-…"
		else
			rest=" The new one has changed the journal's tables, and the copy $copy could not be put back: the old one runs without a journal until it is"
		fi
	fi
	rm -rf "$new"
	if comes_up; then
		fail "the new version did not come up (journalctl -u alarmbro). The old one, $previous, runs again.$rest"
	fi
	fail "NEITHER THE NEW VERSION NOR THE OLD ONE, $previous, COMES UP: the buttons are dead. See journalctl -u alarmbro.$rest"
}

change_over() { # with the service stopped: between its stop and its start no press is lost but those that end in between
	local previous copy
	say "stopping the service; a button that is held goes through when it is back"
	systemctl stop "$unit"
	if ! copy=$(copy_journal); then
		systemctl start "$unit" || true
		give_up "the journal could not be copied to $copies"
	fi
	[ -z "$copy" ] || say "the journal was copied to $copy"
	adopt
	previous=$(in_force || true)
	change_to "$name"
	systemctl daemon-reload
	if comes_up; then
		say "$name runs"
		return
	fi
	[ -n "$previous" ] || fail "alarmbro does not come up, and there is no version before this one: see journalctl -u alarmbro"
	change_back "$previous" "$copy"
}

pins() { # lgpio is the system's where PyPI has none; a machine for pendants alone does without
	(cd / && LG_WD=$(mktemp -d) "$new/bin/python3" -P -c 'from lgpio import gpiochip_open' >/dev/null 2>&1) ||
		say "lgpio is not here, so no pin can be read: on Raspberry Pi OS, apt install python3-lgpio"
}

tidy() { # this version and the one before it stay, and five copies of the journal
	local each before=${1:-}
	for each in "$opt"/versions/*; do
		case ${each##*/} in "$name" | "$before") ;; *) rm -rf "$each" ;; esac
	done
	find "$copies" -mindepth 1 -maxdepth 1 -name 'before-*' -printf '%T@ %p\n' | sort -rn | tail -n +6 | cut -d' ' -f2- |
		while IFS= read -r each; do rm -rf "$each"; done
}

in_the_way() { # of what was installed by hand before, systemd takes in place of ours
	local name
	for name in "${units[@]}"; do
		[ ! -f "$root/etc/systemd/system/$name" ] || [ -L "$root/etc/systemd/system/$name" ] ||
			say "/etc/systemd/system/$name is used in place of the one that was installed: remove it, and keep what is yours in a drop-in (systemctl edit)"
	done
}

next_steps() {
	cat <<-TEXT

		Next:
		  1. Describe your sites in /etc/alarmbro/alarmbro.yaml; what is there now is an example that alarms nobody.
		     Examples and what each word does: $(dirname "$(dirname "$here")")/share/doc/alarmbro/
		  2. Hand over the secrets: as credentials, or in /etc/alarmbro/secrets.yaml (its owner alarmbro, chmod 600).
		  3. sudo -u alarmbro alarmbro check
		  4. sudo systemctl enable --now alarmbro
		  5. sudo alarmbro doctor
		  6. Press every button: alarmbro test start SITE
		Who shall use the command line without sudo: sudo adduser NAME alarmbro
	TEXT
}

again() {
	rm -f "$opt/did-not-come-up"
	activate
}

activate() {
	local before checked=yes
	# dpkg comes back to a package that failed whenever anything is installed, at night, too: each time the buttons would
	# be dead for a while.
	if [ -e "$opt/did-not-come-up" ] && [ "$(this_one)" = "$(cat "$opt/did-not-come-up")" ]; then
		fail "this version did not come up before, so the old one was left alone; to try it again: $here/activate.sh again"
	fi
	users
	folders
	unpack
	before=$(in_force || true)
	if booted; then
		systemctl daemon-reload
		[ -n "$root" ] || udevadm control --reload || say "udev does not run: the rights of /dev/gpiochip* come with the next boot"
	fi
	in_the_way
	pins
	say "checking $etc/alarmbro.yaml by the new program"
	check || checked=
	if runs "$unit"; then
		[ -n "$checked" ] || give_up "the new version refuses the configuration (above)"
		change_over
		! runs alarmbro-web.service || systemctl restart alarmbro-web.service || say "the page does not come up: see journalctl -u alarmbro-web"
	else
		[ -z "$before" ] || [ ! -e "$state/journal.db" ] || copy_journal >/dev/null ||
			give_up "the journal could not be copied to $copies"
		adopt
		before=$(in_force || true)
		change_to "$name"
		if ! booted; then
			say "systemd does not run here: nothing was started, and whether $name comes up was not tried"
		else
			say "$name is installed; the service does not run, so nothing was started"
		fi
		[ -n "$checked" ] || say "the configuration is refused as it is (above; what the unit hands over as credentials is not seen here)"
	fi
	tidy "$before"
	rm -f "$opt/did-not-come-up"
	[ -z "$example" ] || next_steps
}

deactivate() {
	if booted; then
		for each in "${units[@]}"; do
			systemctl disable --now "$each" 2>/dev/null || true
		done
	fi
	rm -rf "$opt/versions" "$opt/current" "$opt/current.new" "$opt/did-not-come-up"
	[ ! -L "$opt/bin" ] || rm "$opt/bin"
	say "left as they are: the configuration ($etc), the journal ($state), its copies ($copies), the users alarmbro and alarmbro-web"
}

case ${1:-} in
activate | again | deactivate) "$1" ;;
*) fail "usage: activate.sh activate|again|deactivate" ;;
esac
