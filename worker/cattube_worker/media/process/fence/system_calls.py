"""System calls that a program in the sandbox is refused, with their numbers on each architecture.

What is allowed is all else that Linux had in version 6.10: a list of what ffmpeg needs would differ from
build to build. Source of the numbers: asm/unistd_64.h for x86-64, asm-generic/unistd.h for arm64.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass

# Later calls are not known here, so they count as missing. From 424 on all architectures share the numbers.
# The calls of x32, which have the number of another call and one high bit, are above as well.
FIRST_UNKNOWN = 463

# Number on x86-64 and on arm64; None where there is no such call.
Numbers = tuple[int | None, int | None]

_SOCKETS: Mapping[str, Numbers] = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "shutdown": (48, 210),
    "bind": (49, 200),
    "listen": (50, 201),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "socketpair": (53, 199),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    "accept4": (288, 242),
    "recvmmsg": (299, 243),
    "sendmmsg": (307, 269),
}

# setsid and setpgid would take a program out of the group that is killed.
_OTHER_PROCESSES: Mapping[str, Numbers] = {
    "ptrace": (101, 117),
    "setpgid": (109, 154),
    "setsid": (112, 157),
    "rt_sigqueueinfo": (129, 138),
    "setpriority": (141, 140),
    "tkill": (200, 130),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "rt_tgsigqueueinfo": (297, 240),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
}

_SHARED_MEMORY_AND_QUEUES: Mapping[str, Numbers] = {
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
}

# Landlock guards none of these: owner, mode, times and attributes of files anywhere, handles, watches. It
# guards truncate from its third version on only. It does guard symlinks; but beside bubblewrap alone one in
# the place of an output would lead the engine to any file (M46).
_FILES_ANYWHERE: Mapping[str, Numbers] = {
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "utime": (132, None),
    "mknod": (133, None),
    "quotactl": (179, 60),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "utimes": (235, None),
    "inotify_init": (253, None),
    "inotify_add_watch": (254, 27),
    "mknodat": (259, 33),
    "fchownat": (260, 54),
    "futimesat": (261, None),
    "fchmodat": (268, 53),
    "utimensat": (280, 88),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "quotactl_fd": (443, 443),
    "fchmodat2": (452, 452),
}

_NAMESPACES_AND_MOUNTS: Mapping[str, Numbers] = {
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "mount": (165, 40),
    "umount2": (166, 39),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
}

_PRIVILEGES: Mapping[str, Numbers] = {
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setgroups": (116, 159),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "capset": (126, 91),
}

# Parts of the kernel that no encoder needs, and in which most of its holes were found.
_KERNEL: Mapping[str, Numbers] = {
    "syslog": (103, 116),
    "uselib": (134, None),
    "personality": (135, 92),
    "ustat": (136, None),
    "sysfs": (139, None),
    "vhangup": (153, 58),
    "modify_ldt": (154, None),
    "_sysctl": (156, None),
    "adjtimex": (159, 171),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "reboot": (169, 142),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "init_module": (175, 105),
    "delete_module": (176, 106),
    "nfsservctl": (180, 42),
    "lookup_dcookie": (212, 18),
    "clock_settime": (227, 112),
    "kexec_load": (246, 104),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "perf_event_open": (298, 241),
    "clock_adjtime": (305, 266),
    "finit_module": (313, 273),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_secret": (447, 447),
    "lsm_set_self_attr": (460, 460),
}

REFUSED: Mapping[str, Numbers] = {
    **_SOCKETS,
    **_OTHER_PROCESSES,
    **_SHARED_MEMORY_AND_QUEUES,
    **_FILES_ANYWHERE,
    **_NAMESPACES_AND_MOUNTS,
    **_PRIVILEGES,
    **_KERNEL,
}

# Allowed on the program itself, whose number is the first argument, or 0.
ON_ITSELF_ONLY: Mapping[str, Numbers] = {
    "kill": (62, 129),
    "tgkill": (234, 131),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "prlimit64": (302, 261),
    "sched_setattr": (314, 274),
}

# clone starts threads and programs, unless its flags ask for a namespace. The flags of clone3 lie in memory,
# which a filter cannot read: it counts as missing, and clone is taken in its place.
CLONE: Numbers = (56, 220)
CLONE3: Numbers = (435, 435)
SECCOMP: Numbers = (317, 277)


@dataclass(frozen=True)
class Architecture:
    """An architecture. audit: its AUDIT_ARCH of linux/audit.h. column: of the numbers in the tables."""

    audit: int
    column: int

    def number(self, numbers: Numbers) -> int | None:
        return numbers[self.column]


ARCHITECTURES: Mapping[str, Architecture] = {
    "x86_64": Architecture(audit=0xC000003E, column=0),
    "aarch64": Architecture(audit=0xC00000B7, column=1),
}


def this_architecture() -> Architecture | None:
    """Architecture of this very program; None when there are no numbers for it."""
    is_64_bit = sys.maxsize > 2**32  # 32-bit programs have other numbers, whatever the machine
    return ARCHITECTURES.get(platform.machine()) if sys.platform == "linux" and is_64_bit else None
