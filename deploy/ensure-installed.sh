#!/bin/sh
# ensure-installed.sh WHAT PROGRAM PACKAGE...: see that PROGRAM, or the file of that path, is there, for WHAT needs it. Root on Debian or
# Ubuntu gets the packages, others are told what to install.
what=$1 program=$2
shift 2
PATH=$PATH:/usr/sbin:/sbin
command -v "$program" >/dev/null && exit 0
[ -e "$program" ] && exit 0
ls /usr/lib/*/*/bin/"$program" >/dev/null 2>&1 && exit 0  # Debian keeps PostgreSQL's programs off PATH
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  exec 9>/run/lock/cattube-install && flock 9  # targets of make run side by side, and apt-get lets in one
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null && exit 0
fi
echo "$what needs $program. Install it (Debian, Ubuntu: sudo apt install $*) and run it again." >&2
exit 1
