"""Word lists for names in English and its neighbours: common first names, and words that stand in names of things."""
# ruff: noqa: E501 - word lists

_FIRST_NAME_WORDS = (
    "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony Donald Steven Paul Andrew "
    "Joshua Kenneth Kevin Brian George Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin "
    "Scott Brandon Benjamin Samuel Gregory Frank Alexander Raymond Patrick Jack Dennis Jerry Tyler Aaron Jose Henry Adam Douglas Nathan "
    "Peter Zachary Kyle Walter Harold Jeremy Ethan Carl Keith Roger Gerald Sean Austin Arthur Noah Lawrence Jesse Joe Bryan Billy Jordan "
    "Albert Dylan Bruce Willie Gabriel Logan Alan Juan Ralph Roy Eugene Randy Vincent Russell Louis Philip Bobby Johnny Bradley Mary "
    "Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret Ashley Kimberly Emily Donna "
    "Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia Kathleen Amy Angela Shirley Anna Brenda Pamela "
    "Emma Nicole Helen Samantha Katherine Christine Debra Rachel Carolyn Janet Catherine Maria Heather Diane Ruth Julie Olivia Joyce "
    "Virginia Victoria Kelly Lauren Christina Joan Evelyn Judith Megan Andrea Cheryl Hannah Jacqueline Martha Gloria Teresa Ann Sara "
    "Madison Frances Kathryn Janice Jean Abigail Alice Julia Judy Sophia Grace Denise Amber Doris Marilyn Danielle Beverly Isabella "
    "Theresa Diana Natalie Brittany Charlotte Marie Kayla Alexis Lori Hans Klaus Jürgen Stefan Wolfgang Andreas Thomas Pierre Jean Luc "
    "Claire Sophie Carlos Luis Miguel Pedro Ana Lucia Marco Giulia Luca Francesca Ahmed Mohammed Fatima Ali Omar Raj Priya Amit Anita "
    "Sanjay Wei Ming Hiroshi Yuki Kenji Ivan Dmitri Olga Svetlana Erik Lars Ingrid Bob Tom Jim Mike Dave Steve Kate Jane Jenny Sam Max Ben"
)
FIRST_NAMES = frozenset(_FIRST_NAME_WORDS.split())
_NOT_NAME_WORDS = (
    "The This That Your You Our Their It He She We They If In On At For From To And Or But Not No Yes Please Thank Thanks Hello Hi Dear "
    "Sir Madam Team All Customer User Admin Support Service Error Warning Info New Old Name Date Time Address Phone Email Id Number Type "
    "Value Key String Int Integer Null None True False Object Class Server Client System File Path Data Table Column Field Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December "
    "Street Road Avenue Windows Linux Google Microsoft Apple Amazon Internet Web Http Https Api Sincerely Regards Best Kind Invalid "
    "Unknown Sorry Just Going Looking Trying Currently Writing Here There Using Working Happy Glad Not"
)
_NOUNS = (
    "Access Account Action Activity Agent Alert Analysis Analytics Annual Antivirus Api App Application Archive Asset Attack "
    "Audit Authentication Authority Authorization Backup Balance Bank Base Behavior Billing Block Board Bot Browser Bucket Build "
    "Business Cache Calendar Cancel Case Category Center Central Centre Certificate Change Channel Check Chrome Click Cloud "
    "Cluster Code Collection Command Community Company Complete Compliance Config Configuration Connection Console Contact "
    "Container Content Control Controller Copy Core Corporate Create Credential Credentials Critical Dashboard Database Default "
    "Defender Defense Delete Delivery Department Deploy Deployment Desk Desktop Detected Detection Detections Developer Device "
    "Digital Directory Disable Discovery Disk Display Document Domain Download Driver Edge Edit Email Enable Encryption Endpoint "
    "Engine Enterprise Entry Evasion Event Events Example Exchange Execution Explorer Export External Failed Failure Feature "
    "Field Filter Finance Finding Findings Firewall Firefox Folder Form Framework Function Gateway General Global Group Guard "
    "Guide Handler Health Help Helpdesk High Hiring Home Host Hub Identity Image Impact Import Inbox Incident Index Information "
    "Infrastructure Initial Input Instance Integration Internal Interface Inventory Invoice Item Job Journal Kernel Keys Lab Label "
    "Layer Library License Limited List Load Local Location Lock Log Login Logon Logs Low Mail Mailbox Main Maintenance Malicious "
    "Malware Manager Management Master Media Medium Memory Menu Message Method Microservice Mobile Mode Model Module Monitor "
    "Monitoring Movement Network Node Notice Notification Object Office Online Open Operation Operations Operator Option Order "
    "Organization Output Overview Package Page Panel Partner Password Patch Payment Payroll Permission Persistence Pipeline "
    "Platform Plugin Point Policy Port Portal Power Print Printer Privilege Process Product Production Profile Program Project "
    "Protection Protocol Provider Proxy Public Purchase Python Quality Query Queue Quick Ransomware Read Record Records Recovery "
    "Recruiting Region Registry Release Remote Report Repository Request Requests Reset Resource Resources Response Result Review "
    "Risk Role Root Router Rule Run Runtime Safe Sales Scan Scanner Schedule Scheduled Schema Scheme Script Search Secure Security "
    "Select Send Sensor Session Set Settings Setup Share Shell Shield Sign Signal Site Software Source Staff Standard Start State "
    "Status Stop Storage Store Storm Stream Subject Submit Summary Supply Suspicious Switch Sync Tab Table Tag Target Task Technique "
    "Template Terminal Test Testing Text Threat Ticket Title Token Tool Total Tracker Traffic Training Transaction Transfer Trojan "
    "Trust Tunnel Unit Unix Update Upload Url Usage Utility Vault Vendor Version View Virtual Virus Volume Vulnerability Watch "
    "Administrators Com Guests Members Operators Owners Readers Users Writers Admins Groups Services Webhook Website Welcome Window Wireless Work Workflow Workspace Workstation Write Zone"
)
"""Nouns, verbs and labels of software, companies and alerts: a name that holds one is a thing's."""
NOT_NAMES = frozenset(_NOT_NAME_WORDS.split()) | frozenset(_NOUNS.split())
_PEOPLE_WORDS = (
    "full first last given family middle maiden display real customer client user employee staff patient person contact owner "
    "author applicant cardholder holder account recipient sender passenger guest member student teacher doctor driver tenant "
    "signer subscriber payee payer beneficiary manager caller reporter victim legal birth nick sur christian my"
)
PEOPLE = frozenset(_PEOPLE_WORDS.split())
"""Words before "name" that say whose it is; after any other, as in `class_name` or `rule.name`, stands a thing's."""
