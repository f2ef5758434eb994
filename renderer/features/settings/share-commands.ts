/** How one kind of tool reaches the share: lines ready to be pasted. */
export interface ShareTool {
  readonly name: string;
  readonly lines: string;
  readonly note: string;
}

/** The name under which the share serves an image: as it is, but with an underscore before the port of a registry. */
export function sharedName(name: string): string {
  return name.replace(/^([^/]*):(\d+)\//, '$1_$2/');
}

/** The tools of this machine with the lines that pull `image` from the share at `address`. */
export function shareTools(address: string, image: string): readonly ShareTool[] {
  const name = `${address}/${sharedName(image)}`;
  const archive = 'image.tar';
  return [
    {
      name: 'Docker',
      lines: `docker pull ${name}\ndocker push ${name}`,
      note: 'Docker trusts addresses of this machine without TLS.',
    },
    {
      name: 'Podman',
      lines: `podman pull --tls-verify=false ${name}\npodman push --tls-verify=false ${name}`,
      note: 'Skopeo and Buildah take the same option, skopeo as --src-tls-verify and --dest-tls-verify.',
    },
    {
      name: 'containerd',
      lines: [
        `ctr images pull --plain-http ${name}`,
        `ctr images push --plain-http ${name}`,
        '# /etc/containerd/certs.d/docker.io/hosts.toml',
        `[host."http://${address}"]`,
        '  capabilities = ["pull", "resolve"]',
      ].join('\n'),
      note: 'nerdctl takes --insecure-registry. With the file, what the store has of docker.io comes from here; other registries have a folder of their own.',
    },
    {
      name: 'k3s',
      lines: [
        '# /etc/rancher/k3s/registries.yaml',
        'mirrors:',
        `  "${address}":`,
        `    endpoint: ["http://${address}"]`,
        '  docker.io:',
        `    endpoint: ["http://${address}"]`,
      ].join('\n'),
      note: 'Restart k3s afterwards. What the store does not have comes from the registry as before.',
    },
    {
      name: 'kind, minikube',
      lines: `strata save ${image} -o ${archive}\nkind load image-archive ${archive}\nminikube image load ${archive}`,
      note: 'Their nodes are machines of their own, which do not reach addresses of this one: the image goes as a file.',
    },
  ];
}
