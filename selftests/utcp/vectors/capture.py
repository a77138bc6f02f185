#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Writes a capture of UTCP/1 for the tests of the dissector, from the reference model.

usage: capture.py          print it, in the form that text2pcap(1) reads
       capture.py --keys   print the key log that goes with it
       capture.py --check  are these the files of userspace/wireshark/test?

Cell 1 looks for cell 2, in a realm, makes a handshake with it, with a cookie, and each
sends data; then there is a frame with each well-formed plaintext of the vectors, and some
that are not as they should be.
"""
import os
import struct
import sys

import utcp1

FILES = os.path.join(utcp1.HERE, "../../../userspace/wireshark/test")
STATIONS = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
EVERYBODY = b"\xff" * 6
LICENCE = "# SPDX-License-Identifier: GPL-2.0-only"


def ethernet(sender, frame, to=None):
    """A frame on the wire, from station 0 or 1."""
    head = (to or STATIONS[1 - sender]) + STATIONS[sender] + b"\x88\xb5"
    return head + frame + bytes(max(0, 60 - len(head) - len(frame)))


def frames(v):
    yield ethernet(0, v["dr_who_has"], EVERYBODY)
    yield ethernet(1, v["dr_i_have"])
    yield ethernet(0, v["hr_initiation"])
    yield ethernet(1, v["hr_cookie_reply"])
    yield ethernet(0, v["hr_initiation_mac2"])
    yield ethernet(1, v["hr_response"])
    for n, sender in ((1, 0), (2, 1), (3, 1), (4, 0)):
        yield ethernet(sender, v[f"data{n}_frame"])
    plains = [value for name, value in v.items() if name.startswith("good_plain_")]
    for counter, plain in enumerate(plains, 8):
        yield ethernet(0, utcp1.data_frame(v["hr_ki"], 1, v["hr_sender_r"], 0, counter, plain))
    plain = utcp1.chunk(utcp1.PING, b"x")
    yield ethernet(0, utcp1.data_frame(v["hr_ki"], 1, v["hr_sender_r"], 0, 100, plain))
    wrong = bytearray(v["data1_frame"])
    wrong[-1] ^= 1
    yield ethernet(0, bytes(wrong))
    yield ethernet(0, b"\xc2" + v["data1_frame"][1:])
    yield ethernet(0, utcp1.header(0x06, 40) + bytes(36))
    yield ethernet(0, utcp1.header(utcp1.RESPONSE, 107) + bytes(103))
    yield ethernet(0, utcp1.header(utcp1.DATA, 200) + bytes(60))
    # One whose zeros are not zero.
    yield ethernet(0, v["dr_who_has"][:-1] + b"\x01", EVERYBODY)


def capture(v):
    lines = [LICENCE]
    for frame in frames(v):
        for at in range(0, len(frame), 16):
            lines.append(f"{at:06x} {frame[at:at + 16].hex(' ')}")
    return "\n".join(lines) + "\n"


def keys(v):
    lines = [LICENCE, "# keys of capture.txt, written by capture.py"]
    for direction, index, lane in (("i", "hr_sender_r", 0), ("r", "hr_sender_i", 0),
                                   ("i", "hr_sender_r", 1)):
        number, = struct.unpack(">I", v[index])
        key = v[f"key_{direction}_l{lane}_s1_e0"].hex()
        lines.append(f"UTCP1 {number:08x} {lane} 1 0 {key}")
    return "\n".join(lines) + "\n"


def main():
    v = utcp1.read(os.path.join(utcp1.HERE, "utcp1.txt"))
    if sys.argv[1:] == ["--check"]:
        for name, text in (("capture.txt", capture(v)), ("keys.txt", keys(v))):
            with open(os.path.join(FILES, name), encoding="utf-8") as file:
                if file.read() != text:
                    sys.exit(f"userspace/wireshark/test/{name}: not what capture.py gives")
    elif sys.argv[1:] == ["--keys"]:
        sys.stdout.write(keys(v))
    elif len(sys.argv) > 1:
        sys.exit(__doc__)
    else:
        sys.stdout.write(capture(v))
    return 0


if __name__ == "__main__":
    sys.exit(main())
