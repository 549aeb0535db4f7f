#!/bin/busybox sh
# The first process of a Linux that the harness boots. What it finds it writes to its disk, which is looked at outside.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

. /modules/load

mount -t vfat /dev/vda /mnt || poweroff -f
cd /mnt
sha256sum -c in.sum && echo "disk read" >>/result
cp in.bin out.bin
sync
echo 3 >/proc/sys/vm/drop_caches
cmp in.bin out.bin && echo "disk written" >>/result
dd if=/dev/hwrng of=/random bs=64 count=4
[ "$(wc -c </random)" = 256 ] && echo "random bytes read" >>/result
echo "a line on the virtio console" >/dev/hvc0 && echo "console written" >>/result
ifconfig eth0 10.0.2.15 up
ping -c 2 -W 20 10.0.2.2 && echo "network answered" >>/result
cp /result result.txt
cd /
umount /mnt
poweroff -f
