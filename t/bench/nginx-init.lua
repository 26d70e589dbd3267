-- SHA-256 from the OpenSSL that nginx is linked with.
-- SPDX-License-Identifier: Apache-2.0
local ffi = require "ffi"
ffi.cdef [[unsigned char *SHA256(const unsigned char *d, size_t n, unsigned char *md);]]
local out = ffi.new("unsigned char[32]")

function sha256_hex(text)
    ffi.C.SHA256(text, #text, out)
    return (ffi.string(out, 32):gsub(".", function(c)
        return string.format("%02x", c:byte())
    end))
end

CHECKPOINT = os.getenv("CHECKPOINT")
