-- What goes wrong with AkashGen, for bench/soak: FAULT_PERCENT of its answers, and of the jobs, each in one of these ways.
local PERCENT = tonumber(os.getenv("FAULT_PERCENT") or "0")
math.randomseed(os.time())

local function answer(status, type, body)
  return function()
    ngx.status = status
    ngx.header["Content-Type"] = type
    ngx.print(body)
  end
end

local function cut() ngx.exit(444) end

-- The connection ends before the answer does.
local function cut_in_the_middle()
  ngx.header["Content-Length"] = 100000
  ngx.print(("0"):rep(1000))
  ngx.flush(true)
  ngx.exit(444)
end

-- Late, but in order.
local function slow() ngx.sleep(math.random(1, 8)); return "go on" end

local page = answer(200, "text/html", "<!DOCTYPE html><title>Just a moment...</title>")
local empty_500 = answer(500, "text/plain", "")
local everywhere = { empty_500, cut, cut_in_the_middle, slow, slow, page }

local ways = {
  chat = {
    answer(500, "application/json", '{"error":"Error generating image","message":"No available workers"}'),
    answer(200, "text/plain", '3:"Failed after 3 attempts. Last error: Internal error"\n'),
    answer(200, "text/plain", 'f:{"messageId":"msg-1"}\n0:"I cannot draw that."\n'),
    answer(200, "text/plain", "0:\"<image_generation> jobId='undefined' prompt='' negative=''</image_generation>\"\n"),
    answer(403, "application/json", '{"success":false,"message":"Unauthorized: Invalid session"}'),
  },
  status = { answer(200, "text/plain", '[{"job_id":'), answer(404, "text/plain", '"Job not found"') },
  image = { answer(404, "application/json", '{"error":"Image not found"}'), answer(200, "image/webp", "RIFF\1\2\3\4WEBP") },
}
for _, its in pairs(ways) do
  for _, way in ipairs(everywhere) do its[#its + 1] = way end
end

-- Whether this request of that kind went wrong, and was answered so.
function fault(kind)
  if math.random(100) > PERCENT then return false end
  count("faults")
  local its = ways[kind]
  return its[math.random(#its)]() ~= "go on"
end

-- fate of the job with that number: "failed", "lost" (no row tells of it) or nil.
function fate(number)
  local place = number * 37 % 100
  return place < PERCENT / 2 and "failed" or place < PERCENT and "lost" or nil
end
