-- Completions, one after the other on each connection, for $LOAD_SECONDS. What was asked until then is waited for, so that whatever the
-- service did for this load is counted. The ids of the last 100 images, and of 100 others, go to $IDS_FILE; when each answer was
-- complete, in milliseconds since 1970, to $ENDS_FILE. Wants a single thread (-t1).
dofile(os.getenv("BENCH_LOAD") .. "/report.lua")
dofile(os.getenv("BENCH_LOAD") .. "/clock.lua")

local SAMPLE = 100
local seconds = tonumber(os.getenv("LOAD_SECONDS"))
local the_thread

function setup(thread) the_thread = thread end

function init()
  math.randomseed(os.time())
  pending, answered, in_time, failed, others, last, ends = 0, 0, 0, 0, {}, {}, {}
  last_moment = now_ms() + seconds * 1000
  wrk.method = "POST"
  wrk.headers["Authorization"] = "Bearer k"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{"model":"AkashGen","messages":[{"role":"user","content":"a lighthouse at dusk"}]}'
end

-- Called before each request.
function delay()
  if now_ms() >= last_moment then
    end_if_idle()
    return NEVER
  end
  pending = pending + 1
  return 0
end

function response(status, _, body)
  local now = now_ms()
  pending = pending - 1
  if now >= last_moment then end_if_idle() end
  local id = status == 200 and (body:match("images%?id=([%w_-]+)") or body:match("jobId='([%w_-]+)"))
  if not id then
    failed = failed + 1
    if failed <= 3 then io.stderr:write(status, " ", body:sub(1, 200), "\n") end
    return
  end
  local leaving = last[answered % SAMPLE + 1]
  last[answered % SAMPLE + 1] = id
  answered = answered + 1
  ends[answered] = now
  if now < last_moment then in_time = in_time + 1 end
  if leaving then keep_some(leaving) end
end

function end_if_idle()
  if pending == 0 then end_load() end
end

-- Each of the ids so far has the same chance to be among those kept.
function keep_some(id)
  local place = #others < SAMPLE and #others + 1 or math.random(answered)
  if place <= SAMPLE then others[place] = id end
end

local function write(name, ...)
  local file = assert(io.open(os.getenv(name), "w"))
  for _, lines in ipairs({ ... }) do
    for _, line in pairs(lines) do file:write(type(line) == "number" and string.format("%.3f", line) or line, "\n") end
  end
  file:close()
end

function done(summary, latency)
  write("IDS_FILE", the_thread:get("others"), the_thread:get("last"))
  write("ENDS_FILE", the_thread:get("ends"))
  report_load(summary, latency)
  report("completions", the_thread:get("answered"))
  report("completions_a_second", the_thread:get("in_time") / seconds)
  report("failed", the_thread:get("failed"))
end
