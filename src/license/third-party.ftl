<#-- META-INF/THIRD-PARTY.txt: the libraries in the jar, and the notices that their own jars lack. -->
The libraries that AkashGen2API is shipped with, each as its authors published it.
Licence texts and notices that they bring are in META-INF of their own jars. Of those
under EPL, LGPL, MPL or GPL with Classpath Exception, the source is at the address given,
and in Maven Central. The Apache License 2.0 is in META-INF/LICENSE.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
${project.artifactId}-${project.version}.jar
    ${project.groupId}:${project.artifactId}: ${entry.getValue()?join(", or ")}
<#if project.url??>
    ${project.url}
</#if>
</#list>

--------------------------------------------------------------------------------------
TwelveMonkeys (common-image, common-io, common-lang, imageio-core, imageio-metadata,
imageio-webp)

Copyright (c) 2008-2020, Harald Kuhr
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are
permitted provided that the following conditions are met:

* Redistributions of source code must retain the above copyright notice, this list of
  conditions and the following disclaimer.

* Redistributions in binary form must reproduce the above copyright notice, this list of
  conditions and the following disclaimer in the documentation and/or other materials
  provided with the distribution.

* Neither the name of the copyright holder nor the names of its contributors may be used
  to endorse or promote products derived from this software without specific prior
  written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY
EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL
THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT
OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION)
HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR
TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
