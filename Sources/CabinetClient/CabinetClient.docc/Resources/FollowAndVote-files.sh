trial=../e-cabinet/trial
mkdir files
cp $trial/pki/ca.pem $trial/meetings/log-key.vkey files
cp $trial/pki/devices/m1.pem files/tablet.pem
cp $trial/pki/devices/m1.key files/tablet.key
cp $trial/pki/members/m1.pem files/member.pem
cp $trial/pki/members/m1.key files/member.key
