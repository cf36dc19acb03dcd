/** What Go's client says about an answer with a code that is no success, unless the answer is a Status itself. */
export function serverWords(code: number, contentType: string, body: string): string {
  const status = statusIn(body)
  if (status !== undefined) return status
  const said = isText(contentType) ? body.slice(0, 2048).trim() : 'unknown'
  switch (code) {
    case 400:
      return 'the server rejected our request for an unknown reason'
    case 401:
      return 'the server has asked for the client to provide credentials'
    case 403:
    case 415:
      return said
    case 404:
      return 'the server could not find the requested resource'
    case 405:
      return 'the server does not allow this method on the requested resource'
    case 406:
      return said === '' || said === 'unknown'
        ? 'the server was unable to respond with a content type that the client supports'
        : said
    case 409:
      return 'the server reported a conflict'
    case 422:
      return 'the server rejected our request due to an error in our request'
    case 429:
      return 'the server has received too many requests and has asked us to try again later'
    case 503:
      return 'the server is currently unable to handle the request'
    case 504:
      return 'the server was unable to return a response in the time allotted, but may still be processing the request'
    default:
      return code >= 500
        ? `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`
        : `the server responded with the status code ${code} but did not return more information`
  }
}

const isText = (contentType: string): boolean => contentType.startsWith('text/')

function statusIn(body: string): string | undefined {
  try {
    const { kind, status, message } = JSON.parse(body) as Record<string, unknown>
    if (kind !== 'Status' || status !== 'Failure') return undefined
    return typeof message === 'string' ? message : ''
  } catch {
    return undefined
  }
}
