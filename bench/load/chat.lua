-- Completions, one after the other on each connection. The ids of the last 100 jobs, and of 100 others, go to $IDS_FILE.
dofile(os.getenv("BENCH_LOAD") .. "/report.lua")

local SAMPLE = 100
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  math.randomseed(os.time())
  answered, failed, others, last = 0, 0, {}, {}
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer k"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{"model":"AkashGen","messages":[{"role":"user","content":"a lighthouse at dusk"}]}'
end

function response(status, _, body)
  local id = status == 200 and body:match("job%-%d+%-%d+")
  if not id then
    failed = failed + 1
    return
  end
  local leaving = last[answered % SAMPLE + 1]
  last[answered % SAMPLE + 1] = id
  answered = answered + 1
  if leaving then keep_some(leaving) end
end

-- Each of the ids so far has the same chance to be among those kept.
function keep_some(id)
  local place = #others < SAMPLE and #others + 1 or math.random(answered)
  if place <= SAMPLE then others[place] = id end
end

function done(summary, latency)
  local failures, file = 0, assert(io.open(os.getenv("IDS_FILE"), "w"))
  for _, thread in ipairs(threads) do
    failures = failures + thread:get("failed")
    for _, ids in ipairs({ thread:get("others"), thread:get("last") }) do
      for _, id in pairs(ids) do file:write(id, "\n") end
    end
  end
  file:close()
  report_load(summary, latency)
  report("failed", failures)
end
