-- Draws as a participant does: the campaign's page with no cookie, its form,
-- the result. A thread has one connection (wrk -t N -c N), so that an answer is
-- the last question's. Counts draws whose result was seen.
-- wrk -tN -cN ... -s page.lua URL -- (URL: the campaign's page)
--
-- SPDX-License-Identifier: Apache-2.0
local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
end

function init()
    created, other, first, step = 0, 0, "", "page"
    local base = "Host: " .. wrk.headers["Host"] ..
        "\r\nAccept: text/html\r\nSec-Fetch-Site: same-origin\r\n"
    local page = "GET " .. wrk.path .. " HTTP/1.1\r\n" .. base .. "\r\n"
    function request()
        if step == "page" then return page end
        if step == "draw" then
            local body = "key=" .. key .. "&from=page&consent=yes&terms=yes"
            return "POST " .. wrk.path .. "/draw HTTP/1.1\r\n" .. base ..
                "Cookie: " .. cookie ..
                "\r\nContent-Type: application/x-www-form-urlencoded" ..
                "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
        end
        return "GET " .. target .. " HTTP/1.1\r\n" .. base .. "Cookie: " ..
            cookie .. "\r\n\r\n"
    end
end

local function header(headers, name)
    for key, value in pairs(headers) do
        if key:lower() == name then return value end
    end
    return ""
end

local function fail(status, body)
    other = other + 1
    if first == "" then first = step .. " " .. status .. " " .. body:sub(1, 200) end
    step = "page"
end

function response(status, headers, body)
    if step == "page" then
        key = body:match('name="key" value="([%w_-]+)"')
        cookie = header(headers, "set-cookie"):match("^(kuji=[^;]+)")
        if status ~= 200 or not key or not cookie then return fail(status, body) end
        step = "draw"
    elseif step == "draw" then
        target = header(headers, "location")
        if status ~= 303 then return fail(status, body) end
        step = "result"
    else
        if status ~= 200 or not body:find('class="outcome ', 1, true) then
            return fail(status, body)
        end
        created = created + 1
        step = "page"
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
