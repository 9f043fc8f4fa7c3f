"""Serving: alerts in over HTTP, jobs and figures out; the only room that knows starlette and uvicorn."""
