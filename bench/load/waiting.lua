-- Each connection asks once, at a random moment of the first $ARRIVE_MS, and notes how long after its job's end it was
-- answered: the stand-in's prompts say when that was. Wants a single thread (-t1): it ends the load when all are served.
dofile(os.getenv("BENCH_LOAD") .. "/report.lua")
dofile(os.getenv("BENCH_LOAD") .. "/clock.lua")

local arrive_ms = tonumber(os.getenv("ARRIVE_MS"))
local waiter

function setup(thread) waiter = thread end

function init(args)
  math.randomseed(os.time())
  connections = tonumber(args[1])
  sent, served, failed, late = 0, 0, 0, {}
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer k"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{"messages":[{"role":"user","content":"a lighthouse at dusk"}]}'
end

function delay()
  sent = sent + 1
  return sent <= connections and math.random(0, arrive_ms) or NEVER
end

function response(status, _, body)
  local due = status == 200 and tonumber(body:match("due (%d+)"))
  if due then
    served = served + 1
    late[served] = now_ms() - due
  else
    failed = failed + 1
    if failed <= 3 then io.stderr:write(status, " ", body:sub(1, 200), "\n") end
  end
  if served + failed == connections then end_load() end
end

function done(summary)
  local late = waiter:get("late")
  table.sort(late)
  for _, percentile in ipairs({ 50, 99, 100 }) do
    report("late_p" .. percentile .. "_ms", late[math.max(1, math.ceil(#late * percentile / 100))] or 0)
  end
  report("served", waiter:get("served"))
  report("failed", waiter:get("failed"))
  report_socket_errors(summary)
end
