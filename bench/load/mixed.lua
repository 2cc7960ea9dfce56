-- What callers do in a day, each after a short pause: completions, streams, looks at pictures, and what is refused.
dofile(os.getenv("BENCH_LOAD") .. "/report.lua")

local PAUSE_MS, KEPT = 1000, 200
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  math.randomseed(os.time())
  known, newest, ok, refused, failed = {}, 0, 0, 0, 0
  headers = { ["Authorization"] = "Bearer k", ["Content-Type"] = "application/json" }
end

function delay() return math.random(0, PAUSE_MS) end

function request()
  local dice = math.random(100)
  if dice <= 35 then return completion(false) end
  if dice <= 65 then return completion(true) end
  if dice <= 85 and newest > 0 then return look(known[math.random(#known)]) end
  if dice <= 90 then return look("job-1-" .. math.random(1000)) end
  if dice <= 95 then return wrk.format("POST", "/v1/chat/completions", headers, '{"messages":') end
  return wrk.format("GET", "/v1/models", { ["Authorization"] = "Bearer nobody's" })
end

-- Some say the same as another a moment ago, as those do who ask again.
function completion(stream)
  local body = '{"model":"AkashGen","stream":%s,"messages":[{"role":"user","content":"a lighthouse, number %d"}]}'
  return wrk.format("POST", "/v1/chat/completions", headers, body:format(tostring(stream), math.random(5000)))
end

function look(id) return wrk.format("GET", "/images?id=" .. id) end

function response(status, head, body)
  if status == 200 then ok = ok + 1 elseif status < 500 then refused = refused + 1 else failed = failed + 1 end
  local type = head["Content-Type"] or head["content-type"] or ""
  local id = status == 200 and not type:find("image/", 1, true) and body:match("images%?id=([%w_-]+)")
  if id then
    newest = newest % KEPT + 1
    known[newest] = id
  end
end

function done(summary)
  for _, name in ipairs({ "ok", "refused", "failed" }) do
    local sum = 0
    for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
    report(name, sum)
  end
  report_socket_errors(summary)
end
