#!/bin/busybox sh
# The first process of the machine in which the harness runs on an emulated KVM.
/bin/busybox --install -s /bin
export PATH=/bin NO_COLOR=1
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

tell() { echo "nested: $*"; }

# send PORT FILE: to the port of that name, which is a file outside.
send() {
    for port in /sys/class/virtio-ports/*; do
        if [ "$(cat "$port/name")" = "$1" ]; then
            cat "$2" >"/dev/${port##*/}"
        fi
    done
}

. /modules/load
[ -c /dev/kvm ] || tell "there is no /dev/kvm"

# A file for each run, of its name, with an argument of the harness on each line. A run of Linux has a disk of its own.
for run in /runs/*; do
    name=${run##*/}
    set --
    while IFS= read -r argument; do
        set -- "$@" "$argument"
    done <"$run"
    tell "begin $name"
    cp /linux/disk.img /disk.img
    /harness "$@" --json /report.json </dev/null >/output 2>&1
    status=$?
    [ "$status" = 0 ] || cat /output
    # A signal ended it: Linux may know where.
    [ "$status" -le 128 ] || dmesg | tail -n 5
    tell "end $name, exit status $status"
    [ -f /report.json ] && send "$name.json" /report.json
    send "$name.img" /disk.img
    rm -f /report.json /disk.img
done
tell "done"
poweroff -f
