#!/usr/bin/env bash
# Makes what the machine boots from, in FOLDER: Debian 12 for arm64 with systemd, a broker, the agent, and this alarmbro,
# installed by what `make install` does. Needs root, and: qemu-system-arm qemu-user-static mmdebstrap device-tree-compiler
# e2fsprogs. Some fifteen minutes where there is nothing yet; the system below alarmbro is kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
folder=${1:?usage: image.sh FOLDER}
mirror=${MIRROR:-http://deb.debian.org/debian}
mkdir -p "$folder"
cd "$folder"

foreign() { # lets this kernel run arm64 programs
	[ "$(uname -m)" = aarch64 ] && return
	[ -e /proc/sys/fs/binfmt_misc/register ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
	[ -e /proc/sys/fs/binfmt_misc/qemu-aarch64 ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >/proc/sys/fs/binfmt_misc/register
}

base() { # Debian, as it comes
	[ -e base.tar ] && return
	# Of modules, only what it boots by: to look for those of all machines takes ten minutes under emulation.
	mmdebstrap --architectures=arm64 --variant=minbase --mode=root --skip=check/qemu \
		--setup-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"' \
		--setup-hook='echo MODULES=list >"$1/etc/initramfs-tools/conf.d/few"' \
		--setup-hook='printf "virtio_mmio\nvirtio_blk\next4\n" >"$1/usr/share/initramfs-tools/modules.d/virtio"' \
		--include=systemd,systemd-sysv,udev,dbus,python3,python3-venv,linux-image-arm64,mosquitto,iproute2,kmod,ca-certificates,adduser \
		--format=tar bookworm base.tar.part "$mirror"
	mv base.tar.part base.tar
}

wheels() { # ours, and all that it needs for arm64
	rm -rf wheels
	python3 -m pip wheel --quiet --no-deps --wheel-dir wheels "$top"
	python3 -m pip download --quiet --dest wheels --only-binary=:all: --python-version 3.11 --implementation cp \
		--platform manylinux2014_aarch64 --platform manylinux_2_17_aarch64 --platform manylinux_2_28_aarch64 \
		--platform manylinux_2_34_aarch64 "$(echo wheels/alarmbro-*.whl)[pi,sia,web]"
}

root() {
	rm -rf root
	mkdir root
	tar -C root -xf base.tar
	mkdir -p root/opt/wheels root/opt/guest root/etc/sysusers.d root/etc/udev/rules.d root/etc/systemd/network
	cp wheels/* root/opt/wheels/
	cp "$here/agent.py" "$here/storm.py" root/opt/guest/
	echo alarm-pi >root/etc/hostname
	# As Raspberry Pi OS has it.
	cp "$top/packaging/sysusers.conf" root/etc/sysusers.d/alarmbro.conf
	printf 'SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"\n' >root/etc/udev/rules.d/99-gpio.rules
	printf '[Match]\nName=e*\n[Network]\nDHCP=yes\n' >root/etc/systemd/network/wired.network
	cat >root/etc/systemd/system/agent.service <<-'UNIT'
		[Unit]
		DefaultDependencies=no
		After=systemd-udevd.service local-fs.target
		[Service]
		ExecStart=/usr/bin/python3 /opt/guest/agent.py
		Restart=always
		RestartSec=1
		[Install]
		WantedBy=sysinit.target
	UNIT
	chroot root systemctl enable agent.service systemd-networkd.service
	chroot root systemctl mask systemd-timesyncd.service 2>/dev/null || true
	chroot root systemd-sysusers
	chroot root python3 -m venv /opt/alarmbro
	chroot root /opt/alarmbro/bin/pip install --quiet --no-index --find-links /opt/wheels 'alarmbro[pi,sia,web]'
	rm -rf root/opt/wheels
	cp "$top"/systemd/alarmbro*.service "$top"/systemd/alarmbro*.timer root/etc/systemd/system/
	install -d root/etc/alarmbro # as packaging/activate.sh leaves it
	chroot root chgrp alarmbro /etc/alarmbro
	chmod 0750 root/etc/alarmbro
	echo "/dev/vda / ext4 defaults 0 1" >root/etc/fstab
	cp root/boot/vmlinuz-* kernel
	cp root/boot/initrd.img-* initrd
	truncate -s 3G disk.part
	mke2fs -q -t ext4 -d root -F disk.part
	mv disk.part disk
	rm -rf root
}

tree() { # the machine's own description, without its power key, which sits on a line of the chip, and as a Raspberry Pi's
	qemu-system-aarch64 -M virt,dumpdtb=tree.dtb -cpu cortex-a72 -m 1024 -nic none -display none >/dev/null 2>&1
	fdtput -r tree.dtb /gpio-keys
	fdtput -c tree.dtb /system
	fdtput -t x tree.dtb /system linux,revision b03115
}

foreign
base
wheels
root
tree
