-- Posts draws as programs do: every participant and every Idempotency-Key is
-- its own. Counts what came back: a figure with anything but 201 is none.
-- wrk ... -s wrk.lua URL -- TOKEN TAG (eight characters, new for every run)
--
-- SPDX-License-Identifier: Apache-2.0
local threads = {}

function setup(thread)
    thread:set("id", #threads)
    threads[#threads + 1] = thread
end

function init(args)
    local token, tag = args[1], args[2]
    created, other, first = 0, 0, ""
    sent = 0
    math.randomseed(os.time() * 7919 + id * 104729 + tonumber(tag, 36) % 99991)
    -- Keys look like the UUIDs that clients send: random in front, so that no
    -- index has it easier than in real life; tag, thread and number behind
    -- make them unique.
    local random, format = math.random, string.format
    local head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " ..
        wrk.headers["Host"] .. "\r\nAuthorization: Bearer " .. token ..
        "\r\nContent-Type: application/json\r\nContent-Length: 42\r\n" ..
        "Idempotency-Key: "
    local middle = "\r\n\r\n{\"participant\":\"" .. tag .. "-" .. id .. "-"
    local suffix = "-" .. tag .. "-" .. id .. "-"
    function request()
        sent = sent + 1
        return format("%s%08x%s%09d%s%013d\"}", head,
            random(0, 2147483647), suffix, sent, middle, sent)
    end
end

function response(status, headers, body)
    if status == 201 then
        created = created + 1
    else
        other = other + 1
        if first == "" then first = status .. " " .. body:sub(1, 200) end
    end
end

function done(summary, latency, requests)
    local ok, bad, say = 0, 0, ""
    for _, thread in ipairs(threads) do
        ok = ok + thread:get("created")
        bad = bad + thread:get("other")
        if say == "" then say = thread:get("first") end
    end
    local e = summary.errors
    print(string.format("WRK %d %d %d %.1f %.3f %.3f",
        ok, bad, e.connect + e.read + e.write + e.timeout,
        ok / (summary.duration / 1e6), latency:percentile(50) / 1e3,
        latency:percentile(99) / 1e3))
    if say ~= "" then print("WRK-FIRST " .. say:gsub("%s+", " ")) end
end
