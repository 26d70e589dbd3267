-- Peer e, the web side: same request and answer as ours. The body is matched
-- rather than parsed (Debian's nginx has no JSON library): that favours it.
-- SPDX-License-Identifier: Apache-2.0
local redis = require "nginx.redis"
local var = ngx.var

local headers = ngx.req.get_headers()
local token = (headers["Authorization"] or ""):match("^Bearer (.+)$")
if not token or sha256_hex(token) ~= var.token_digest then
    return ngx.exit(401)
end
local key = headers["Idempotency-Key"]
local participant = (ngx.req.get_body_data() or "")
    :match('^%s*{%s*"participant"%s*:%s*"([^"\\]+)"%s*}%s*$')
if not key or #key > 64 or not key:match("^[!-~]+$") or not participant
    or #participant > 128 then
    return ngx.exit(400)
end

local r = redis:new()
r:set_timeout(10000)
if not r:connect(var.redis_socket) then return ngx.exit(503) end
local salt = string.format("%08x%08x%08x%08x", math.random(0, 2147483647),
    math.random(0, 2147483647), math.random(0, 2147483647),
    math.random(0, 2147483647))
local who = sha256_hex(salt .. participant)
local t = math.floor(ngx.now() * 1000)
local drawn, err = r:evalsha(var.script_sha, 1, key, math.random(0, 999999),
    string.format("%d", t), who, participant)
if not drawn then
    ngx.log(ngx.ERR, err)
    return ngx.exit(503)
end
r:set_keepalive(60000, 128)

local n, prize = drawn[2], drawn[3]
local quoted = prize == "" and "null" or '\\"' .. prize .. '\\"'
ngx.status = drawn[1] == 1 and 201 or 200
local body = string.format('{"campaign":"hot","draws":[{"n":%d,"t":%d,'
    .. '"outcome":"%s","prize":%s,"receipt":{"leaf":"{\\"i\\":%d,'
    .. '\\"kind\\":\\"draw\\",\\"n\\":%d,\\"prize\\":%s,\\"t\\":%d,'
    .. '\\"who\\":\\"%s\\"}","index":%d,"salt":"%s"}}],"checkpoint":"%s"}',
    n, t, prize == "" and "blank" or "prize",
    prize == "" and "null" or '{"code":"' .. prize .. '","name":"割引券"}',
    n, n, quoted, t, who, n, salt, CHECKPOINT)
ngx.header["Content-Length"] = #body
ngx.print(body)
