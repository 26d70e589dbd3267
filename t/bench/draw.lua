-- Peer e: the same draw inside Redis, where a script is atomic.
-- KEYS: idempotency key; ARGV: random 0..999999, time in ms, digest of the
-- participant, participant. Returns {new, n, prize}.
--
-- SPDX-License-Identifier: Apache-2.0
local before = redis.call('GET', KEYS[1])
if before then
    local n, prize = before:match('^(%d+) (.*)$')
    return {0, tonumber(n), prize}
end
local v, prize = tonumber(ARGV[1]), ''
for _, p in ipairs({{'A', 30}, {'B', 2000}, {'C', 50000},
    {'D', 300000}}) do
    if v < p[2] then
        if redis.call('HINCRBY', 'left', p[1], -1) >= 0 then
            prize = p[1]
        else
            redis.call('HINCRBY', 'left', p[1], 1)
        end
        break
    end
    v = v - p[2]
end
local n = redis.call('INCR', 'n')
redis.call('XADD', 'ledger', '*', 'n', n, 'prize', prize, 't', ARGV[2],
    'who', ARGV[3], 'participant', ARGV[4])
redis.call('SET', KEYS[1], n .. ' ' .. prize)
return {1, n, prize}
