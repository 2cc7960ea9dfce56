-- The wall clock, and how a script ends its load; read in by the other files here. Wants a single thread (-t1).
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long micros; } moment;
  int gettimeofday(moment *, void *);
  int getpid(void);
  int kill(int, int);
]]

local SIGINT = 2
local moment = ffi.new("moment")

-- As a delay: the connection asks no more.
NEVER = 3600000

function now_ms()
  ffi.C.gettimeofday(moment, nil)
  return tonumber(moment.seconds) * 1000 + tonumber(moment.micros) / 1000
end

-- wrk sleeps until its time is over, however early its threads stop.
function end_load() ffi.C.kill(ffi.C.getpid(), SIGINT) end
