{{- /* Labels of an object: (dict "root" $ "component" NAME). */ -}}
{{- define "kradle.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "kradle.selector" . }}
{{- end }}

{{- /* Labels that select the Pods of a component, or all of Kradle's. */ -}}
{{- define "kradle.selector" -}}
app.kubernetes.io/part-of: kradle
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "kradle.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{ end -}}
{{- end }}
{{- end }}

{{- /* What the restricted Pod security standard asks of a Pod, and who it is. */ -}}
{{- define "kradle.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.podSecurityContext }}
{{ toYaml . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* And of a container. */ -}}
{{- define "kradle.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- /* The Secret with the URL of PostgreSQL. */ -}}
{{- define "kradle.databaseSecret" -}}
{{- .Values.postgresql.existingSecret.name | default "kradle-postgresql" }}
{{- end }}

{{- /* Deployments that run, as a list in JSON under "names". */ -}}
{{- define "kradle.deployments" -}}
{{- $names := keys .Values.deployments | sortAlpha }}
{{- if not .Values.activity.enabled }}{{ $names = without $names "apiserver" }}{{ end }}
{{- dict "names" $names | toJson }}
{{- end }}

{{- /* What the values cannot say by themselves. */ -}}
{{- define "kradle.check" -}}
{{- if ne .Release.Namespace "kradle-system" }}
{{- fail (printf "Kradle is installed into the namespace kradle-system and no other, as rules name its accounts: use --namespace kradle-system rather than %q" .Release.Namespace) }}
{{- end }}
{{- $evaluation := .Values.postgresql.evaluation.enabled }}
{{- $given := .Values.postgresql.existingSecret.name }}
{{- if .Values.activity.enabled }}
{{- if and $evaluation $given }}
{{- fail "postgresql: both existingSecret.name and evaluation.enabled are set; which PostgreSQL is it?" }}
{{- end }}
{{- if not (or $evaluation $given) }}
{{- fail "activity.enabled: pull requests, runs and approvals need a PostgreSQL. Set postgresql.existingSecret.name to a Secret with its URL, or postgresql.evaluation.enabled=true for a look, or activity.enabled=false to do without them" }}
{{- end }}
{{- else if $evaluation }}
{{- fail "postgresql.evaluation.enabled: nobody would use it with activity.enabled=false" }}
{{- end }}
{{- end }}

{{- /*
Peers of a rule of a NetworkPolicy: (dict "to" CIDRS) or (dict "from" CIDRS). None where the list is empty, which means
anywhere, and other than 0.0.0.0/0 to CNIs that do not know nodes by their addresses.
*/ -}}
{{- define "kradle.peers" -}}
{{- range $direction, $cidrs := . }}
{{- if $cidrs -}}
{{ $direction }}:
{{- range $cidrs }}
  - ipBlock:
      cidr: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- /*
What holds for one Deployment, as JSON: (dict "root" $ "name" NAME). What it says itself counts instead of the defaults, also
where that is empty; of resources, requests and limits each by themselves.
*/ -}}
{{- define "kradle.deployment" -}}
{{- $given := index .root.Values.deployments .name | default dict }}
{{- $own := deepCopy .root.Values.defaults }}
{{- $resources := $own.resources | default dict }}
{{- range $key, $value := $given.resources }}{{ $_ := set $resources $key $value }}{{ end }}
{{- range $key, $value := $given }}{{ $_ := set $own $key $value }}{{ end }}
{{- $_ := set $own "resources" $resources }}
{{- toJson $own }}
{{- end }}

{{- /* Where a Pod runs, by what holds for it: the defaults, or what is a Deployment's own. */ -}}
{{- define "kradle.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" }}
{{- with get $ $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
