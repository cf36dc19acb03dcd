{{- /* Flags of one Deployment as a list in JSON under "flags": (dict "root" $ "name" NAME). */ -}}
{{- define "kradle.flags" -}}
{{- $values := .root.Values }}
{{- $flags := list "--health" ":8080" "--log-level" $values.logLevel }}
{{- if eq .name "webhook" }}
{{- $flags = concat $flags (list "--listen" ":9443") }}
{{- else if eq .name "apiserver" }}
{{- $flags = concat $flags (list "--listen" ":6443" "--database-url-file" "/var/run/kradle/database/url") }}
{{- else if eq .name "admission-controller" }}
{{- $flags = concat $flags (list "--activity" (ternary "service" "off" $values.activity.enabled)) }}
{{- with $values.admission }}
{{- $flags = concat $flags (list "--certificates" (ternary "own" "external" (eq .certificates "own"))) }}
{{- if ne .certificates "own" }}
{{- $flags = concat $flags (list "--inject-ca-from" (printf "%s/kradle-webhook-tls" $.root.Release.Namespace)) }}
{{- if $values.activity.enabled }}
{{- /* One issuer signs both, but not at the same time, and it may have another authority by then. */}}
{{- $flags = concat $flags (list "--apiserver-inject-ca-from" (printf "%s/kradle-apiserver-certificate" $.root.Release.Namespace)) }}
{{- end }}
{{- end }}
{{- range $webhook, $policy := .failurePolicies }}
{{- $flags = concat $flags (list "--failure-policy" (printf "%s=%s" $webhook $policy)) }}
{{- end }}
{{- range $webhook, $seconds := .timeoutSeconds }}
{{- $flags = concat $flags (list "--timeout-seconds" (printf "%s=%v" $webhook $seconds)) }}
{{- end }}
{{- range .exemptNamespaces }}
{{- $flags = concat $flags (list "--exempt-namespace" .) }}
{{- end }}
{{- end }}
{{- else if eq .name "identity-controller" }}
{{- if $values.identity.allowPrivateIssuers }}{{ $flags = append $flags "--allow-private-issuers" }}{{ end }}
{{- if $values.identity.issuerCaConfigMap }}{{ $flags = concat $flags (list "--issuer-ca" "/var/run/kradle/issuer-ca/ca.crt") }}{{ end }}
{{- else if eq .name "policy-controller" }}
{{- $flags = concat $flags (list "--report-api" $values.scan.reportApi) }}
{{- else if eq .name "scan-controller" }}
{{- $flags = concat $flags (list "--interval-seconds" (toString $values.scan.intervalSeconds) "--report-api" $values.scan.reportApi) }}
{{- end }}
{{- dict "flags" $flags | toJson }}
{{- end }}
