-- What a load ends with, as lines that awk reads; read in by the other files here.
function report(name, value) print(string.format("%s %.3f", name, value)) end

function report_load(summary, latency)
  report("rate", summary.requests / summary.duration * 1e6)
  report("p50_ms", latency:percentile(50) / 1000)
  report("p99_ms", latency:percentile(99) / 1000)
  report_socket_errors(summary)
end

function report_socket_errors(summary)
  local errors = summary.errors
  report("socket_errors", errors.connect + errors.read + errors.write + errors.timeout)
end
